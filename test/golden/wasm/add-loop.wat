;; add x1, x1, x0
;; subs x0, x0, #1
;; b.ne #0x801340000

func f0 (locals 4 i32, 4 i64, 1 i32, 2 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 5
  i32.const 0
  i64.load offset=0x108
  local.set 4
  i32.const 0
  i32.load offset=0x4c0
  local.set 8
  i32.const 0
  i64.load offset=0x4c8
  local.set 9
  i32.const 0
  i64.load offset=0x4d0
  local.set 10
  block
    block
      block
        block
          loop
            block
              local.get 0
              i32.const 4
              i32.lt_s
              if
                i32.const 0
                local.get 5
                i64.store offset=0x100
                i32.const 0
                local.get 4
                i64.store offset=0x108
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
              i32.const 3
              i32.sub
              local.set 0
              block
                block
                  local.get 4
                  local.get 5
                  i64.add
                  local.set 4
                  local.get 5
                  local.set 6
                  i64.const 1
                  local.set 7
                  local.get 6
                  local.set 9
                  local.get 7
                  local.set 10
                  i32.const 4
                  local.set 8
                  local.get 6
                  local.get 7
                  i64.sub
                  local.set 5
                  local.get 9
                  local.get 10
                  i64.ne
                  br_if 2
                  i32.const 0
                  local.get 5
                  i64.store offset=0x100
                  i32.const 0
                  local.get 4
                  i64.store offset=0x108
                  br 5
                end
              end
            end
            br 0
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
          i64.const 34379923468
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
    local.get 8
    i32.store offset=0x4c0
    i32.const 0
    local.get 9
    i64.store offset=0x4c8
    i32.const 0
    local.get 10
    i64.store offset=0x4d0
  end
  local.get 1
end
