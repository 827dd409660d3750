;; bl #0x80134000c
;; add x3, x3, #1
;; b #0x801340014
;; add x3, x3, x0
;; ret

func f0 (locals 4 i32, 4 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x100
  local.set 6
  i32.const 0
  i64.load offset=0x118
  local.set 5
  i32.const 0
  i64.load offset=0x1f0
  local.set 4
  i32.const 0
  i32.load offset=0x5ec
  local.tee 3
  if
    i32.const 0
    i32.const 0
    i32.store offset=0x5ec
  end
  block
    block
      block
        block
          block
            local.get 3
            if
              local.get 3
              i32.const 1
              i32.sub
              br_table 2 0
            end
            local.get 0
            i32.const 6
            i32.lt_s
            if
              i32.const 0
              i64.const 34379923456
              i64.store offset=0x410
              i32.const 0
              i32.const 1
              i32.store offset=0x42c
              i32.const -1
              local.set 1
              br 4
            end
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            block
              block
                i64.const 34379923460
                local.set 4
                i32.const 0
                local.get 4
                i64.store offset=0x1f0
              end
            end
          end
          local.get 0
          i32.const 2
          i32.sub
          local.set 0
          block
            block
              local.get 5
              local.get 6
              i64.add
              local.set 5
              local.get 4
              i32.const 0
              local.get 5
              i64.store offset=0x118
              local.set 7
              local.get 7
              i64.const 34379923460
              i64.eq
              br_if 2
              local.get 7
              local.set 7
              i32.const 0
              local.get 7
              i64.store offset=0x410
              i32.const -2
              local.set 1
              br 4
            end
          end
        end
        i32.const 0
        local.set 3
        local.get 0
        i32.const 6
        i32.lt_s
        if
          i32.const 0
          i64.const 34379923460
          i64.store offset=0x410
          i32.const 0
          i32.const 1
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
        local.get 0
        i32.const 2
        i32.sub
        local.set 0
        block
          block
            local.get 5
            i64.const 1
            i64.add
            local.set 5
            i32.const 0
            local.get 5
            i64.store offset=0x118
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
          i64.const 34379923476
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
  end
  local.get 1
end
