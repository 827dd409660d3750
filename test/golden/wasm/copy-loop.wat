;; ldp q0, q1, [x1], #0x20
;; stp q0, q1, [x2], #0x20
;; subs x0, x0, #1
;; b.ne #0x801340000

func f0 (locals 4 i32, 3 i64, 2 i32, 4 v128, 2 i64, 1 i32, 2 i64, 3 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 14
  i32.const 0
  i64.load offset=0x108
  local.set 4
  i32.const 0
  i64.load offset=0x110
  local.set 13
  i32.const 0
  v128.load offset=0x200
  local.set 11
  i32.const 0
  v128.load offset=0x210
  local.set 12
  i32.const 0
  i32.load offset=0x4c0
  local.set 15
  i32.const 0
  i64.load offset=0x4c8
  local.set 16
  i32.const 0
  i64.load offset=0x4d0
  local.set 17
  block
    block
      block
        block
          loop
            block
              local.get 0
              i32.const 5
              i32.lt_s
              if
                i32.const 0
                local.get 14
                i64.store offset=0x100
                i32.const 0
                local.get 4
                i64.store offset=0x108
                i32.const 0
                local.get 13
                i64.store offset=0x110
                i32.const 0
                local.get 11
                v128.store offset=0x200
                i32.const 0
                local.get 12
                v128.store offset=0x210
                i32.const 0
                i64.const 34379923456
                i64.store offset=0x410
                i32.const 0
                i32.const 1
                i32.store offset=0x42c
                i32.const -1
                local.set 1
                br 5
              end
              local.get 0
              i32.const 4
              i32.sub
              local.set 0
              block
                block
                  local.get 4
                  local.set 5
                  local.get 5
                  local.set 6
                  local.get 6
                  i32.wrap_i64
                  i32.const 10
                  i32.shr_u
                  i32.const 65520
                  i32.and
                  local.tee 8
                  i64.load offset=0x10000
                  local.get 6
                  i64.xor
                  i64.const 16352
                  i64.gt_u
                  if
                    i32.const 0
                    local.set 2
                    local.get 6
                    i32.const 32
                    i32.const 270
                    call loadSlow
                    local.tee 7
                    i32.const -1
                    i32.eq
                    br_if 1
                  else
                    local.get 6
                    i32.wrap_i64
                    local.get 8
                    i32.load offset=0x10008
                    i32.add
                    local.set 7
                  end
                  local.get 7
                  v128.load
                  local.set 9
                  local.get 7
                  v128.load offset=0x10
                  local.set 10
                  local.get 9
                  local.set 11
                  local.get 10
                  local.set 12
                  local.get 5
                  i64.const 32
                  i64.add
                  local.set 4
                  local.get 13
                  local.set 5
                  local.get 5
                  local.set 6
                  local.get 6
                  i32.wrap_i64
                  i32.const 10
                  i32.shr_u
                  i32.const 65520
                  i32.and
                  local.tee 7
                  i64.load offset=0x20000
                  local.get 6
                  i64.xor
                  i64.const 16352
                  i64.gt_u
                  if
                    i32.const 4
                    local.set 2
                    i32.const 1152
                    local.set 8
                    local.get 8
                    local.get 11
                    v128.store
                    local.get 8
                    local.get 12
                    v128.store offset=0x10
                    local.get 6
                    i32.const 32
                    i32.const 270
                    call storeSlow
                    br_if 1
                  else
                    local.get 6
                    i32.wrap_i64
                    local.get 7
                    i32.load offset=0x20008
                    i32.add
                    local.set 8
                    local.get 8
                    local.get 11
                    v128.store
                    local.get 8
                    local.get 12
                    v128.store offset=0x10
                  end
                  local.get 5
                  i64.const 32
                  i64.add
                  local.set 13
                  local.get 14
                  local.set 5
                  i64.const 1
                  local.set 6
                  local.get 5
                  local.set 16
                  local.get 6
                  local.set 17
                  i32.const 4
                  local.set 15
                  local.get 5
                  local.get 6
                  i64.sub
                  local.set 14
                  local.get 16
                  local.get 17
                  i64.ne
                  br_if 2
                  i32.const 0
                  local.get 14
                  i64.store offset=0x100
                  i32.const 0
                  local.get 4
                  i64.store offset=0x108
                  i32.const 0
                  local.get 13
                  i64.store offset=0x110
                  i32.const 0
                  local.get 11
                  v128.store offset=0x200
                  i32.const 0
                  local.get 12
                  v128.store offset=0x210
                  br 5
                  br 1
                end
                i32.const 0
                local.get 14
                i64.store offset=0x100
                i32.const 0
                local.get 4
                i64.store offset=0x108
                i32.const 0
                local.get 13
                i64.store offset=0x110
                i32.const 0
                local.get 11
                v128.store offset=0x200
                i32.const 0
                local.get 12
                v128.store offset=0x210
                local.get 0
                i32.const 4
                i32.add
                local.get 2
                i32.const 2
                i32.shr_u
                i32.sub
                local.set 0
                i32.const 0
                local.get 2
                i64.extend_i32_u
                i64.const 34379923456
                i64.add
                i64.store offset=0x410
                i32.const 0
                i32.const 2
                i32.store offset=0x42c
                i32.const -1
                local.set 1
                br 5
              end
            end
            i32.const 4096
            local.set 8
            local.get 4
            local.set 6
            local.get 6
            i32.wrap_i64
            i32.const 10
            i32.shr_u
            i32.const 65520
            i32.and
            local.tee 7
            i64.load offset=0x10000
            local.get 6
            i64.xor
            i64.const 16352
            i64.gt_u
            br_if 0
            local.get 7
            i32.load offset=0x10008
            local.set 18
            i32.const 16352
            local.get 6
            i32.wrap_i64
            i32.const 16383
            i32.and
            i32.sub
            local.set 7
            local.get 7
            i32.const 32
            i32.div_u
            i32.const 1
            i32.add
            local.set 7
            local.get 7
            local.get 8
            local.get 7
            local.get 8
            i32.lt_u
            select
            local.set 8
            local.get 13
            local.set 6
            local.get 6
            i32.wrap_i64
            i32.const 10
            i32.shr_u
            i32.const 65520
            i32.and
            local.tee 7
            i64.load offset=0x20000
            local.get 6
            i64.xor
            i64.const 16352
            i64.gt_u
            br_if 0
            local.get 7
            i32.load offset=0x20008
            local.set 19
            i32.const 16352
            local.get 6
            i32.wrap_i64
            i32.const 16383
            i32.and
            i32.sub
            local.set 7
            local.get 7
            i32.const 32
            i32.div_u
            i32.const 1
            i32.add
            local.set 7
            local.get 7
            local.get 8
            local.get 7
            local.get 8
            i32.lt_u
            select
            local.set 8
            local.get 8
            i32.const 4
            i32.lt_u
            br_if 0
            local.get 0
            local.get 8
            i32.const 1
            i32.sub
            i32.const 4
            i32.mul
            i32.sub
            local.set 20
            i32.const 5
            local.get 20
            local.get 20
            i32.const 5
            i32.lt_s
            select
            local.set 20
            local.get 0
            local.get 20
            i32.ge_s
            i32.eqz
            br_if 0
            loop
              block
                local.get 0
                i32.const 4
                i32.sub
                local.set 0
                block
                  block
                    local.get 4
                    local.set 6
                    local.get 6
                    local.set 5
                    local.get 5
                    i32.wrap_i64
                    local.get 18
                    i32.add
                    local.set 8
                    local.get 8
                    v128.load
                    local.set 10
                    local.get 8
                    v128.load offset=0x10
                    local.set 9
                    local.get 10
                    local.set 11
                    local.get 9
                    local.set 12
                    local.get 6
                    i64.const 32
                    i64.add
                    local.set 4
                    local.get 13
                    local.set 6
                    local.get 6
                    local.set 5
                    local.get 5
                    i32.wrap_i64
                    local.get 19
                    i32.add
                    local.set 8
                    local.get 8
                    local.get 11
                    v128.store
                    local.get 8
                    local.get 12
                    v128.store offset=0x10
                    local.get 6
                    i64.const 32
                    i64.add
                    local.set 13
                    local.get 14
                    local.set 6
                    i64.const 1
                    local.set 5
                    local.get 6
                    local.set 16
                    local.get 5
                    local.set 17
                    i32.const 4
                    local.set 15
                    local.get 6
                    local.get 5
                    i64.sub
                    local.set 14
                    local.get 16
                    local.get 17
                    i64.ne
                    br_if 2
                    i32.const 0
                    local.get 14
                    i64.store offset=0x100
                    i32.const 0
                    local.get 4
                    i64.store offset=0x108
                    i32.const 0
                    local.get 13
                    i64.store offset=0x110
                    i32.const 0
                    local.get 11
                    v128.store offset=0x200
                    i32.const 0
                    local.get 12
                    v128.store offset=0x210
                    br 6
                  end
                end
              end
              local.get 0
              local.get 20
              i32.ge_s
              br_if 0
              br 1
            end
          end
        end
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
    i32.const 0
    local.get 15
    i32.store offset=0x4c0
    i32.const 0
    local.get 16
    i64.store offset=0x4c8
    i32.const 0
    local.get 17
    i64.store offset=0x4d0
  end
  local.get 1
end
